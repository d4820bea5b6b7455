// 恢复被取代的关系 — Restore the relationships that only this import had superseded, and return their number.
// @params seq, limit, open
// @returns reopened
MATCH ()-[r]->()
WHERE r.superseded = $seq
WITH r LIMIT $limit
SET r.superseded = $open
RETURN count(r) AS reopened
