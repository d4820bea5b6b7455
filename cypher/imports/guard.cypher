// 确认写入权 — Hold the right to write until the end of the transaction; nothing where another one has it.
// It is written to before it is read: nobody takes over meanwhile.
// @params token
// @returns token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
RETURN w.token AS token
