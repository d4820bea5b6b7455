// 建立最高一级区划 — Create areas that lie in no other one.
// @params rows
UNWIND $rows AS row
CREATE (:Area {code: row[0], name: row[1], level: row[2], recorded: 0, source: row[3], name_pinyin: row[4],
  name_initials: row[5]})
