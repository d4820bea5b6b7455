// 写入凭据与批次 — Take batch $batch of an import, once, and only by the writer that holds it; how far it has come.
// It is written to before it is read: nobody takes over between this and the end of its transaction.
// @params token, batch, sheet, rows
// @returns batch
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token AND w.batch < $batch
SET w.batch = $batch, w.sheet = $sheet, w.rows = $rows
RETURN w.batch AS batch
