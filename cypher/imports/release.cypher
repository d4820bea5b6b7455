// 释放写入权 — Release the write lock. Does nothing if another writer has taken over.
// The node is written before it is read, so that a lock taken by another writer stays taken.
// @params token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
SET w.token = '', w.holder = ''
