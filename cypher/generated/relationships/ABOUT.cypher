// Derived from the model by `graph-service schema --write`. Do not edit.

// Problem → Area · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.code] + [r.since, r.until]]);

// Problem → Area · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Area · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Household · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.card_no] + [r.since, r.until]]);

// Problem → Household · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Household · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Person · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.person_no] + [r.since, r.until]]);

// Problem → Person · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Person · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Fund · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.fund_no] + [r.since, r.until]]);

// Problem → Fund · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Fund · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Project · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.project_no] + [r.since, r.until]]);

// Problem → Project · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Project · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Project {project_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Asset · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.asset_no] + [r.since, r.until]]);

// Problem → Asset · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Asset · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Problem → Distribution · known
UNWIND $keys AS key MATCH (a:Problem {problem_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: key[1]}) RETURN collect([key, r.recorded, [a.problem_no, b.distribution_no] + [r.since, r.until]]);

// Problem → Distribution · supersede
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Problem → Distribution · create
UNWIND $rows AS row MATCH (a:Problem {problem_no: row[0]}) MATCH (b:Distribution {distribution_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Area · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.code] + [r.since, r.until]]);

// Finding → Area · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Area · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Household · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.card_no] + [r.since, r.until]]);

// Finding → Household · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Household · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Person · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.person_no] + [r.since, r.until]]);

// Finding → Person · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Person · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Fund · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.fund_no] + [r.since, r.until]]);

// Finding → Fund · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Fund · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Project · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.project_no] + [r.since, r.until]]);

// Finding → Project · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Project · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Project {project_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Asset · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.asset_no] + [r.since, r.until]]);

// Finding → Asset · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Asset · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Finding → Distribution · known
UNWIND $keys AS key MATCH (a:Finding {finding_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: key[1]}) RETURN collect([key, r.recorded, [a.finding_no, b.distribution_no] + [r.since, r.until]]);

// Finding → Distribution · supersede
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Finding → Distribution · create
UNWIND $rows AS row MATCH (a:Finding {finding_no: row[0]}) MATCH (b:Distribution {distribution_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Area · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.code] + [r.since, r.until]]);

// Waiver → Area · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Area · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Household · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.card_no] + [r.since, r.until]]);

// Waiver → Household · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Household {card_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Household · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Person · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.person_no] + [r.since, r.until]]);

// Waiver → Person · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Person {person_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Person · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Fund · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.fund_no] + [r.since, r.until]]);

// Waiver → Fund · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Fund {fund_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Fund · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Project · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.project_no] + [r.since, r.until]]);

// Waiver → Project · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Project {project_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Project · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Project {project_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Asset · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.asset_no] + [r.since, r.until]]);

// Waiver → Asset · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Asset {asset_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Asset · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Waiver → Distribution · known
UNWIND $keys AS key MATCH (a:Waiver {waiver_no: key[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: key[1]}) RETURN collect([key, r.recorded, [a.waiver_no, b.distribution_no] + [r.since, r.until]]);

// Waiver → Distribution · supersede
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (a)-[r:ABOUT {superseded: $open}]->(b:Distribution {distribution_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Waiver → Distribution · create
UNWIND $rows AS row MATCH (a:Waiver {waiver_no: row[0]}) MATCH (b:Distribution {distribution_no: row[1]}) CREATE (a)-[r:ABOUT {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
