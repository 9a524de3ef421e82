package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.schemas.Require;
import org.jspecify.annotations.Nullable;

/**
 * The repository that a job works on.
 *
 * @param url anything the workers can clone: https, ssh, git, file, or an absolute path
 * @param ref branch, tag, commit id or full ref name; null for the repository's default branch
 * @param credentials name of the secret with which it is fetched; null for none
 * @param index which code index the job can search; null for none
 * @param resume whether an attempt begins with the unfinished changes of a lost one; fresh if null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositoryRef(
    String url,
    @Nullable String ref,
    @Nullable String credentials,
    @Nullable IndexKind index,
    @Nullable Resume resume) {

  /** Without credentials, index and earlier work. */
  public RepositoryRef(String url, @Nullable String ref) {
    this(url, ref, null, null, null);
  }

  public RepositoryRef {
    Require.line("url", url, 2000);
    Require.optionalLine("ref", ref, 500);
    if (credentials != null) {
      Require.id("credentials", credentials);
    }
  }

  /** A kind of code index. */
  public enum IndexKind {
    /** Built and searched inside Holdfast. */
    @JsonProperty("lucene")
    LUCENE,
    /** Built by the program {@code cidx}. */
    @JsonProperty("cidx")
    CIDX
  }

  /** What an attempt's workspace begins with. */
  public enum Resume {
    /** The commit that was asked for. */
    @JsonProperty("fresh")
    FRESH,
    /** The unfinished changes that an earlier, lost attempt had left, if there are any. */
    @JsonProperty("saved-work")
    SAVED_WORK
  }
}
