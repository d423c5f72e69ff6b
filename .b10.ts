import { createServer } from 'node:http'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { startSandbox } from './test/sandbox/sandbox.ts'
const hook = createServer((q,r)=>{q.resume();q.on('end',()=>r.end('ok'))}).listen(0)
const s = await startSandbox({ secret: 'x'.repeat(40) } as never) as any
s.setWebhookUrl(`http://localhost:${(hook.address() as any).port}/`)
const dee=s.as('dee'), ada=s.as('ada')
const issue=ada.openIssue({title:'Down',body:'b',labels:['incident']})
ada.pin(ada.comment(issue,'x'))
s.deployments.report({environment:'production',state:'success'})
const run=s.actions.finish
const inst=s.world.installations[0]
console.log('inst',inst?.id, Object.keys(s.installations), s.app)
const o=new Octokit({authStrategy:createAppAuth,auth:{appId:s.app.id,privateKey:s.app.privateKey,installationId:inst?.id},baseUrl:`${s.url}/api/v3`})
const R={owner:'acme',repo:'search'}
const t=async(n:string,f:()=>Promise<any>)=>{try{const r=await f();return r.data??r}catch(e){console.log(n,(e as any).status,(e as Error).message.slice(0,200))}}
await t('repo',()=>o.rest.repos.get(R));await t('issue',()=>o.rest.issues.get({...R,issue_number:1}));await t('issues',()=>o.rest.issues.listForRepo({...R}))
await t('create',()=>o.rest.issues.create({...R,title:'t',labels:['a']}));await t('sub',async()=>o.rest.issues.addSubIssue({...R,issue_number:1,sub_issue_id:(await o.rest.issues.get({...R,issue_number:2})).data.id}));await t('subs',()=>o.rest.issues.listSubIssues({...R,issue_number:1}))
const cm=await t('cm',()=>o.rest.issues.createComment({...R,issue_number:1,body:'hey'}));await t('cm',()=>o.rest.issues.updateComment({...R,comment_id:cm.id,body:'hey2'}));await t('cms',()=>o.rest.issues.listComments({...R,issue_number:1}));await t('react',()=>o.rest.reactions.createForIssueComment({...R,comment_id:cm.id,content:'eyes'}))
await t('assign',()=>o.rest.issues.addAssignees({...R,issue_number:1,assignees:['ada']}));await t('labels',()=>o.rest.issues.addLabels({...R,issue_number:1,labels:['q']}));await t('dellabel',()=>o.rest.issues.removeLabel({...R,issue_number:1,name:'q'}))
await t('perm',()=>o.rest.repos.getCollaboratorPermissionLevel({...R,username:'ada'}));await t('contents',()=>o.rest.repos.getContent({...R,path:'README.md'}));await t('dir',()=>o.rest.repos.getContent({...R,path:'services'}))
const ref=await t('ref',()=>o.rest.git.getRef({...R,ref:'heads/main'}));await t('mkref',()=>o.rest.git.createRef({...R,ref:'refs/heads/hf',sha:ref.object.sha}));await t('put',()=>o.rest.repos.createOrUpdateFileContents({...R,path:'n.md',message:'m',content:btoa('x'),branch:'hf'}))
const pr=await t('pr',()=>o.rest.pulls.create({...R,title:'p',head:'hf',base:'main',draft:true}));await t('prs',()=>o.rest.pulls.list(R));await t('prg',()=>o.rest.pulls.get({...R,pull_number:pr.number}));await t('files',()=>o.rest.pulls.listFiles({...R,pull_number:pr.number}));await t('commits',()=>o.rest.pulls.listCommits({...R,pull_number:pr.number}));await t('rr',()=>o.rest.pulls.requestReviewers({...R,pull_number:pr.number,reviewers:['ada']}));ada.review(s.world.repositories[0].issues.get(pr.number),'approve');await t('reviews',()=>o.rest.pulls.listReviews({...R,pull_number:pr.number}))
await t('check',()=>o.rest.checks.create({...R,name:'incident',head_sha:pr.head.sha,status:'completed',conclusion:'success',output:{title:'t',summary:'s'}}));await t('checks',()=>o.rest.checks.listForRef({...R,ref:'hf'}))
await t('deps',()=>o.rest.repos.listDeployments(R));await t('depstat',async()=>o.rest.repos.listDeploymentStatuses({...R,deployment_id:s.world.repositories[0].deployments[0].id}))
await t('cmp',()=>o.rest.repos.compareCommitsWithBasehead({...R,basehead:'main...hf'}));await t('cs',()=>o.rest.repos.listCommits(R));await t('c',()=>o.rest.repos.getCommit({...R,ref:'main'}));await t('cp',()=>o.rest.repos.listPullRequestsAssociatedWithCommit({...R,commit_sha:pr.head.sha}))
await t('disp',()=>o.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',{...R,workflow_id:'deploy.yml',ref:'main',return_run_details:true} as never));await t('runs',()=>o.rest.actions.listWorkflowRunsForRepo(R));await t('wfs',()=>o.rest.actions.listRepoWorkflows(R))
await t('lbl',()=>o.rest.issues.createLabel({...R,name:'nn',color:'ff0000'}));await t('lbls',()=>o.rest.issues.listLabelsForRepo(R));await t('rate',()=>o.rest.rateLimit.get());await t('meta',()=>o.rest.meta.get());await t('teams',()=>o.rest.teams.list({org:'acme'}));await t('u',()=>o.rest.users.getByUsername({username:'ada'}));await t('br',()=>o.rest.repos.listBranches(R));await t('inst repos',()=>o.rest.apps.listReposAccessibleToInstallation())
console.log(JSON.stringify(await t('gql',()=>o.graphql('{viewer{login} repository(owner:"acme",name:"search"){issues(first:2){nodes{title}}}}') as never)))
const app=new Octokit({authStrategy:createAppAuth,auth:{appId:s.app.id,privateKey:s.app.privateKey},baseUrl:`${s.url}/api/v3`})
await t('app',()=>app.rest.apps.getAuthenticated());await t('insts',()=>app.rest.apps.listInstallations());await s.settle();await t('dels',()=>app.rest.apps.listWebhookDeliveries());await t('del',()=>app.rest.apps.getWebhookDelivery({delivery_id:s.deliveries[0].id}));await t('red',()=>app.rest.apps.redeliverWebhookDelivery({delivery_id:s.deliveries[0].id}));await t('ri',()=>app.rest.apps.getRepoInstallation(R))
await s.settle()
console.log([...new Set(s.deliveries.map((d:any)=>d.event+'.'+d.action))].join(' '))
const seen=new Set<string>();for(const v of s.violations) if(!seen.has(v)){seen.add(v);console.log('V',v.slice(0,260))}
await s.stop();hook.close()
