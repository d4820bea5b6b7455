// 无变化的导入不留痕迹 — A delivery that changed nothing leaves nothing.
// @params sequence
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
DELETE i
