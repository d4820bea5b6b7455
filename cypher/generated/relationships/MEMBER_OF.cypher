// Derived from the model by `graph-service schema --write`. Do not edit.

// Person → Household · known
UNWIND $keys AS key MATCH (a:Person {person_no: key[0]}) MATCH (a)-[r:MEMBER_OF {since: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.person_no, b.card_no] + [r.since, r.until, r.relation, r.relation_text]]);

// Person → Household · supersede
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (a)-[r:MEMBER_OF {since: row[2], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → Household · create
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:MEMBER_OF {since: row[2], until: row[3], relation: row[6], relation_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
