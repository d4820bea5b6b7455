// 续期 — The writer lives; nothing where it does not hold the right to write any more.
// It touches no node that a batch writes to: neither waits for the other.
// @params token
// @returns beats
MATCH (l:Lease {name: 'import'})
SET l.taken = timestamp()
WITH l WHERE l.token = $token
SET l.beats = l.beats + 1
RETURN l.beats AS beats
