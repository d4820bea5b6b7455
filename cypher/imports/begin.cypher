// 开始一次导入 — Create an import or change in the state RUNNING, which is not visible yet.
// A retry after a lost answer finds it already created.
// @params sequence, content, files, purpose, by, day, began, key
MERGE (i:Import {sequence: $sequence})
ON CREATE SET i.content = $content, i.files = $files, i.purpose = $purpose, i.by = $by, i.day = $day, i.began = $began,
  i.key = $key, i.state = 'RUNNING'
