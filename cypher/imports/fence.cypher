// 写入凭据与批次 — Take batch $batch of an import, once, and only by the writer that holds it.
// @params token, batch
// @returns batch
MATCH (w:Writer {name: 'import', token: $token})
WHERE w.batch < $batch
SET w.batch = $batch, w.beat = timestamp()
RETURN w.batch AS batch
