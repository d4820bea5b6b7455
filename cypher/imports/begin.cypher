// 开始一次导入 — A new delivery or change, running: nobody sees it. A retry after a lost answer has it already.
// @params sequence, content, files, purpose, by, day, began, key
MERGE (i:Import {sequence: $sequence})
ON CREATE SET i.content = $content, i.files = $files, i.purpose = $purpose, i.by = $by, i.day = $day, i.began = $began, i.key = $key, i.state = 'RUNNING'
