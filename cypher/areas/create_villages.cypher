// 建立村级区划 — Create villages. Every village is also an Area.
// @params rows
UNWIND $rows AS row
CREATE (:Area:Village {code: row[0], name: row[1], level: row[2], recorded: 0, source: row[3], name_pinyin: row[4],
  name_initials: row[5]})
