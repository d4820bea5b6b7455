// 交还写入权 — Stop being the writer; nothing where another one has taken over.
// It is written to before it is read: what another one has taken stays taken.
// @params token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
SET w.token = '', w.holder = ''
