// 续期 — Renew the lease of the writer. Returns no row if the writer has lost the write lock.
// It writes to no node to which a batch writes, so that neither waits for the other.
// @params token
// @returns beats
MATCH (l:Lease {name: 'import'})
SET l.taken = timestamp()
WITH l WHERE l.token = $token
SET l.beats = l.beats + 1
RETURN l.beats AS beats
