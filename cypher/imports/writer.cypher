// 谁在导入 — Who is importing.
// @params
// @returns token, holder, age
MATCH (w:Writer {name: 'import'})
RETURN w.token AS token, w.holder AS holder, timestamp() - w.beat AS age
