package dev.holdfast.worker.index.lucene;

import java.util.Locale;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexOptions;

/** What the index knows of a file. */
final class Fields {
  /** Whole path; exact. */
  static final String PATH = "path";

  /** The path's words. */
  static final String NAME = "name";

  /** What stands after the last dot of the file's name, in lower case; exact. */
  static final String EXTENSION = "extension";

  /** The text, with the place of every word, and the text itself. */
  static final String CONTENT = "content";

  private static final FieldType WITH_PLACES = new FieldType(TextField.TYPE_STORED);

  static {
    WITH_PLACES.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
    WITH_PLACES.freeze();
  }

  private Fields() {}

  static Document of(String path, String text) {
    var document = new Document();
    document.add(new StringField(PATH, path, Field.Store.YES));
    document.add(new TextField(NAME, path, Field.Store.NO));
    document.add(new StringField(EXTENSION, extension(path), Field.Store.NO));
    document.add(new Field(CONTENT, text, WITH_PLACES));
    return document;
  }

  private static String extension(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') ? path.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }
}
