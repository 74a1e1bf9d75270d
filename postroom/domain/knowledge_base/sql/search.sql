-- Articles with the words that somebody looks for, best first, what was found between two control
-- characters that no article holds.
SELECT slug,
       ts_headline('english', title, sought, %(whole)s) AS title,
       ts_headline('english', text, sought, %(excerpt)s) AS excerpt,
       count(*) OVER () AS count
  FROM knowledge_base_article,
       (SELECT CASE WHEN %(by_beginnings)s THEN to_tsquery('english', %(words)s)
                    ELSE websearch_to_tsquery('english', %(words)s) END) AS asked (sought)
 WHERE words @@ sought
 ORDER BY ts_rank_cd(words, sought) DESC, slug
 LIMIT %(limit)s OFFSET %(offset)s
