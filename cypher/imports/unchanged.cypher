// 无变化的变更 — A running change or delivery that has nothing in the graph: its key is remembered, with the version that says so already.
// @params sequence, token, same
// @returns sequence
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
SET i.state = 'UNCHANGED', i.same = $same
RETURN i.sequence AS sequence
