// 开始一次导入 — A new delivery or change, running: nobody sees it.
// @params sequence, content, files, purpose, by, day, began, key
CREATE (:Import {sequence: $sequence, content: $content, files: $files, purpose: $purpose, by: $by, day: $day, began: $began, key: $key, state: 'RUNNING'})
