// 开始一次导入 — A new delivery, running: nobody sees it.
// @params sequence, content, files, purpose, by, day, began
CREATE (:Import {sequence: $sequence, content: $content, files: $files, purpose: $purpose, by: $by, day: $day, began: $began, state: 'RUNNING'})
