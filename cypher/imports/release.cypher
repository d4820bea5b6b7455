// 交还导入权 — Stop being the writer.
// @params token
MATCH (w:Writer {name: 'import', token: $token})
SET w.token = '', w.holder = ''
