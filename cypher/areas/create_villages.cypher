// 建立村级区划 — Create villages, each below its parent. Every village is also an Area.
// parents: pairs of a parent's code and the rows of its villages.
// @params parents, first, last, open
UNWIND $parents AS parent
MATCH (p:Area {code: parent[0]})
UNWIND parent[1] AS row
CREATE (:Area:Village {code: row[0], name: row[1], level: row[2], recorded: 0, source: row[3], name_pinyin: row[4],
  name_initials: row[5]})-[:PART_OF {since: $first, until: $last, recorded: 0, superseded: $open, source: row[3]}]->(p)
