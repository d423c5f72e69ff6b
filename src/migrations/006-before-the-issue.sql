-- An incident may be there before its issue: what an alert says is kept while GitHub does not answer.
alter table mayday.incidents alter column number drop not null;
