package dev.holdfast.worker.index.lucene;

import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.CATENATE_ALL;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.GENERATE_WORD_PARTS;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.PRESERVE_ORIGINAL;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE;
import static org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter.SPLIT_ON_NUMERICS;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.FlattenGraphFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * Words as programmers write them: {@code parseHttpHeader} and {@code parse_http_header} are found
 * as they stand and by each of their parts.
 */
final class CodeAnalyzer extends Analyzer {
  private static final int PARTS =
      GENERATE_WORD_PARTS | GENERATE_NUMBER_PARTS | SPLIT_ON_CASE_CHANGE | SPLIT_ON_NUMERICS;

  private final boolean indexing;

  private CodeAnalyzer(boolean indexing) {
    this.indexing = indexing;
  }

  /** For what goes into the index: whole words beside their parts. */
  static CodeAnalyzer ofText() {
    return new CodeAnalyzer(true);
  }

  /** For what is asked: a word of several parts is looked for as those parts, in that order. */
  static CodeAnalyzer ofQuestion() {
    return new CodeAnalyzer(false);
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new StandardTokenizer();
    if (!indexing) {
      return new TokenStreamComponents(
          words, new LowerCaseFilter(new WordDelimiterGraphFilter(words, PARTS, null)));
    }
    TokenStream parts =
        new WordDelimiterGraphFilter(words, PARTS | PRESERVE_ORIGINAL | CATENATE_ALL, null);
    return new TokenStreamComponents(words, new LowerCaseFilter(new FlattenGraphFilter(parts)));
  }
}
