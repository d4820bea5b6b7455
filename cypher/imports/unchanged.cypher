// 无变化的变更 — Finish a running change or import that has written nothing.
// Its key is stored, with the data version that already had its content.
// @params sequence, token, same
// @returns sequence
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
SET i.state = 'UNCHANGED', i.same = $same
RETURN i.sequence AS sequence
