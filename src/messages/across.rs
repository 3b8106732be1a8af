//! What is said where regions lie in many places.

words! {
    table_needs_all(table: &str) =
        "the table '{table}' is not forecast region by region on a cluster yet; leave it out, or forecast on one machine",
        "集群上暂不支持按区域分布预测表 {table}；请去掉该表，或在单机上预测";
    node_needs_all(table: &str, region: &str) =
        "a row of '{table}' for '{region}' speaks of several regions, which lie in different places on a cluster: give a row for each of them, or forecast on one machine",
        "{table} 中“{region}”一行涉及多个区域，集群上暂不支持：请为每个区域各写一行，或在单机上预测";
    parts_differ =
        "the parts of the data do not fit together: each must hold all rows of its regions, and the same other tables and settings, in every round",
        "各部分数据不一致：每一轮中每个部分都须包含其区域的全部行，且其余各表与设置相同";
}
