// 建立下级区划 — Create areas that are not villages, each below its parent.
// parents: pairs of a parent's code and the rows of its areas: {code, name, level, source, name_pinyin, name_initials}.
// @params parents, first, last, open
UNWIND $parents AS parent
MATCH (p:Area {code: parent[0]})
UNWIND parent[1] AS row
CREATE (:Area {code: row.code, name: row.name, level: row.level, recorded: 0, source: row.source,
  name_pinyin: row.name_pinyin, name_initials: row.name_initials})-[:PART_OF {since: $first, until: $last, recorded: 0,
  superseded: $open, source: row.source}]->(p)
