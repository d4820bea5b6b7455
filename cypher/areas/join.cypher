// 区划隶属 — Link areas to their parent areas. The statement starts from the end with few relationships.
// @params rows, first, last, open
UNWIND $rows AS row
MATCH (a:Area {code: row[0]})
MATCH (p:Area {code: row[1]})
CREATE (a)-[:PART_OF {since: $first, until: $last, recorded: 0, superseded: $open, source: row[2]}]->(p)
