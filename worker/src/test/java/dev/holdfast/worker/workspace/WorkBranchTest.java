package dev.holdfast.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.job.JobId;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkBranchTest {
  private static final long SEED = 20260502;
  private static final int LONGEST_FILE_NAME = 255;

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "job-1, holdfast/job-1",
    "v1.2, holdfast/v1.2",
    "a..b, holdfast/a.%2Eb",
    "a...b, holdfast/a.%2E.b",
    "v1., holdfast/v1%2E",
    "v1.., holdfast/v1.%2E",
    "x.lock, holdfast/x%2Elock",
    "x..lock, holdfast/x.%2Elock",
    "x.lock.lock, holdfast/x.lock%2Elock",
    "x.lock.y, holdfast/x.lock.y"
  })
  void encodesOnlyTheDotsThatGitRefuses(String job, String branch) {
    assertThat(WorkBranch.of(job)).isEqualTo(branch);
  }

  @Test
  void isTakenByGitForEveryJobIdAndLeadsBackToIt() {
    List<String> jobs = jobs();
    var branches = new HashSet<String>();
    for (String job : jobs) {
      String branch = WorkBranch.of(new JobId(job).value());

      assertThat(Repository.isValidRefName(Constants.R_HEADS + branch)).as(branch).isTrue();
      assertThat(branch).doesNotContain("..");
      assertThat(branch.length()).isLessThan(LONGEST_FILE_NAME);
      assertThat(URLDecoder.decode(branch.replace("+", "%2B"), UTF_8)).isEqualTo("holdfast/" + job);
      branches.add(branch);
    }
    assertThat(branches).hasSize(new HashSet<>(jobs).size());
  }

  @Test
  void isTakenByTheGitCommandToo() {
    for (String job : List.of("a..b", "v1.", "x.lock", "a" + ".".repeat(99), "0.lock.lock")) {
      GitCli.Outcome checked =
          GitCli.tryGit(temporary, "check-ref-format", "--branch", WorkBranch.of(job));

      assertThat(checked.exitCode()).as(job).isZero();
    }
  }

  /** All short ones over the characters that matter, and some long ones. */
  private static List<String> jobs() {
    var jobs = new ArrayList<String>();
    List<String> pieces = List.of("", "a", ".", ".lock", "-", "_");
    for (String one : pieces) {
      for (String two : pieces) {
        for (String three : pieces) {
          jobs.add("j" + one + two + three);
        }
      }
    }
    jobs.add("a" + ".".repeat(99));
    var random = new Random(SEED);
    for (int i = 0; i < 500; i++) {
      var job = new StringBuilder("j");
      for (int length = random.nextInt(100); job.length() <= length; ) {
        job.append("..lock-_0".charAt(random.nextInt(9)));
      }
      jobs.add(job.toString());
    }
    return jobs;
  }
}
