// 写入凭据与批次 — Claim batch $batch of an import and record the progress.
// Only the current writer can claim a batch, and only once.
// The node is written before it is read, so that nobody can take over before the end of the transaction.
// @params token, batch, sheet, rows
// @returns batch
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token AND w.batch < $batch
SET w.batch = $batch, w.sheet = $sheet, w.rows = $rows
RETURN w.batch AS batch
