package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.schemas.InvalidField;
import java.util.Base64;

/** Where a page of jobs ended, as clients carry it; they must not look into it. */
final class Cursor {
  private static final String FORM = "s";

  private Cursor() {}

  static String after(long sequence) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((FORM + sequence).getBytes(US_ASCII));
  }

  static long read(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), US_ASCII);
      if (text.startsWith(FORM)) {
        return Long.parseLong(text.substring(FORM.length()));
      }
    } catch (IllegalArgumentException e) {
      throw unreadable();
    }
    throw unreadable();
  }

  private static InvalidField unreadable() {
    return new InvalidField("after", "must be the 'next' of an earlier page");
  }
}
