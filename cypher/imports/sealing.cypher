// 封存密钥 — Fingerprint of the key that seals confidential values, and of the key with which they are being sealed.
// mark: empty where they are not sealed. next: empty where no rotation is under way. rotations: number of rotations so
// far. reached: last step of the rotation under way, as a property and the key of a node. number_key: key of derived
// numbers.
// @params
// @returns mark, next, rotations, reached, number_key
MATCH (w:Writer {name: 'import'})
RETURN coalesce(w.seal, '') AS mark, coalesce(w.seal_next, '') AS next, coalesce(w.rotations, 0) AS rotations,
  coalesce(w.seal_reached, ['', '']) AS reached, coalesce(w.number_key, '') AS number_key
