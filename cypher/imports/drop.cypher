// 删除无变化的导入 — Delete a running import that has written nothing. Only its writer can delete it.
// @params sequence, token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
DELETE i
