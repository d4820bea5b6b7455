// 无变化的导入不留痕迹 — A running delivery that has nothing in the graph leaves nothing; only the writer may drop it.
// @params sequence, token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
DELETE i
