// 建立村级区划 — Create villages, each below its parent. Every village is also an Area.
// parents: pairs of a parent's code and the rows of its villages: {code, name, level, source, name_pinyin,
// name_initials}.
// @params parents, first, last, open
UNWIND $parents AS parent
MATCH (p:Area {code: parent[0]})
UNWIND parent[1] AS row
CREATE (:Area:Village {code: row.code, name: row.name, level: row.level, recorded: 0, source: row.source,
  name_pinyin: row.name_pinyin, name_initials: row.name_initials})-[:PART_OF {since: $first, until: $last, recorded: 0,
  superseded: $open, source: row.source}]->(p)
