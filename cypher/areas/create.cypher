// 建立区划树 — Create areas that are not villages.
// @params rows
UNWIND $rows AS row
CREATE (:Area {code: row[0], name: row[1], level: row[2], recorded: 0, source: row[3], name_pinyin: row[4],
  name_initials: row[5]})
