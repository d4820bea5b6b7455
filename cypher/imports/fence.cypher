// 写入凭据与批次 — Take batch $batch of an import, once, and only by the writer that holds it; how far it has come.
// @params token, batch, sheet, rows
// @returns batch
MATCH (w:Writer {name: 'import', token: $token})
WHERE w.batch < $batch
SET w.batch = $batch, w.beat = timestamp(), w.sheet = $sheet, w.rows = $rows
RETURN w.batch AS batch
