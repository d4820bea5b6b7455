// 建立区划树 — Create areas that are not villages.
// rows: {code, name, level, source, name_pinyin, name_initials}.
// @params rows
UNWIND $rows AS row
CREATE (:Area {code: row.code, name: row.name, level: row.level, recorded: 0, source: row.source,
  name_pinyin: row.name_pinyin, name_initials: row.name_initials})
