package dev.holdfast.worker.index.lucene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.simple.SimpleQueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Matches;
import org.apache.lucene.search.MatchesIterator;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.store.NoLockFactory;

/** Searches an index, the best files first and within a file from its top. */
final class LuceneSearch {
  private static final int LINES_OF_A_FILE = 10;

  private final Path index;
  private final WorkTree workTree;

  LuceneSearch(Path index, WorkTree workTree) {
    this.index = index;
    this.workTree = workTree;
  }

  /**
   * What is looked for.
   *
   * @param words all of which must be in a file; {@code "a phrase"}, {@code begin*}, {@code -not},
   *     {@code this | that}
   * @param path only files whose path begins so, or matches if it has a {@code *}; all if empty
   * @param limit how many lines to show
   */
  record Question(String words, Optional<String> path, int limit) {}

  List<Hit> find(Question question) throws IOException {
    Quiet.please();
    try (Directory directory = new NIOFSDirectory(index, NoLockFactory.INSTANCE);
        IndexReader reader = DirectoryReader.open(directory)) {
      var searcher = new IndexSearcher(reader);
      Query query = searcher.rewrite(query(question));
      Weight weight = searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
      var hits = new ArrayList<Hit>();
      for (ScoreDoc scored : searcher.search(query, question.limit()).scoreDocs) {
        if (hits.size() < question.limit()) {
          hits.addAll(hits(searcher, weight, scored.doc));
        }
      }
      return hits.subList(0, Math.min(question.limit(), hits.size()));
    }
  }

  private static Query query(Question question) {
    var parser = new WordParser();
    parser.setDefaultOperator(BooleanClause.Occur.MUST);
    var both = new BooleanQuery.Builder();
    both.add(parser.parse(question.words()), BooleanClause.Occur.MUST);
    question.path().ifPresent(path -> both.add(ofPath(path), BooleanClause.Occur.FILTER));
    return both.build();
  }

  private static Query ofPath(String path) {
    var term = new Term(Fields.PATH, path);
    return path.contains("*") ? new WildcardQuery(term) : new PrefixQuery(term);
  }

  /** Takes a word of several parts for those parts, one after the other. */
  private static final class WordParser extends SimpleQueryParser {
    private WordParser() {
      super(CodeAnalyzer.ofQuestion(), Map.of(Fields.CONTENT, 1f, Fields.NAME, 2f));
    }

    @Override
    protected Query newDefaultQuery(String word) {
      var anywhere = new BooleanQuery.Builder();
      weights.forEach((field, weight) -> {
        Query parts = createPhraseQuery(field, word);
        if (parts != null) {
          anywhere.add(new BoostQuery(parts, weight), BooleanClause.Occur.SHOULD);
        }
      });
      return anywhere.build();
    }
  }

  private List<Hit> hits(IndexSearcher searcher, Weight weight, int doc) throws IOException {
    Document document = searcher.storedFields().document(doc);
    String path = document.get(Fields.PATH);
    String text = document.get(Fields.CONTENT);
    var lines = new Lines(text);
    boolean changed = workTree.differs(path, text);
    return numbers(searcher, weight, doc, lines).stream()
        .limit(LINES_OF_A_FILE)
        .map(number -> new Hit(path, number, lines.line(number), changed))
        .toList();
  }

  /** The lines with a match; the first one if only the file's name matches. */
  private static Set<Integer> numbers(IndexSearcher searcher, Weight weight, int doc, Lines lines)
      throws IOException {
    var numbers = new TreeSet<Integer>();
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    Matches matches = weight.matches(leaf, doc - leaf.docBase);
    MatchesIterator places = matches == null ? null : matches.getMatches(Fields.CONTENT);
    while (places != null && places.next()) {
      numbers.add(lines.at(places.startOffset()));
    }
    if (numbers.isEmpty()) {
      numbers.add(1);
    }
    return numbers;
  }
}
