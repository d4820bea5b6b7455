// 区划隶属 — Link areas to their parent areas. The statement starts from the end with few relationships.
// rows: {code, parent_code, source}.
// @params rows, first, last, open
UNWIND $rows AS row
MATCH (a:Area {code: row.code})
MATCH (p:Area {code: row.parent_code})
CREATE (a)-[:PART_OF {since: $first, until: $last, recorded: 0, superseded: $open, source: row.source}]->(p)
