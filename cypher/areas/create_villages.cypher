// 建立村级区划 — Create villages. Every village is also an Area.
// rows: {code, name, level, source, name_pinyin, name_initials}.
// @params rows
UNWIND $rows AS row
CREATE (:Area:Village {code: row.code, name: row.name, level: row.level, recorded: 0, source: row.source,
  name_pinyin: row.name_pinyin, name_initials: row.name_initials})
