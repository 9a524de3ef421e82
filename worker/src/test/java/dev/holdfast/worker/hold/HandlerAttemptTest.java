package dev.holdfast.worker.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.worker.handler.Handlers;
import dev.holdfast.worker.handler.JobContext;
import dev.holdfast.worker.handler.JobHandler;
import dev.holdfast.worker.handler.NoopHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerAttemptTest {
  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private final CountDownLatch never = new CountDownLatch(1);
  private TestWorker worker;

  @BeforeEach
  void start() throws Exception {
    start(TestWorker.Setup.QUICK);
  }

  private void start(TestWorker.Setup setup) throws Exception {
    var handlers =
        new Handlers(
            List.of(
                new NoopHandler(),
                named(
                    "fails",
                    context -> {
                      throw new IllegalStateException("no luck with " + context.job());
                    }),
                named(
                    "prints",
                    context -> {
                      context.stdout().print("out");
                      context.stderr().print("err");
                    }),
                named("waits", context -> never.await())));
    worker = new TestWorker(data, cell, setup.with(handlers));
    long incarnation = worker.home.incarnation();
    await()
        .until(() ->
            cell.presences.stream()
                .anyMatch(
                    presence -> presence.incarnation() == incarnation && presence.slots() > 0));
  }

  @AfterEach
  void stop() {
    worker.close();
    cell.close();
  }

  private interface Body {
    void run(JobContext context) throws Exception;
  }

  private static JobHandler named(String name, Body body) {
    return new JobHandler() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void run(JobContext context) throws Exception {
        body.run(context);
      }
    };
  }

  private Outcome outcomeOf(String handler) {
    worker.assign("job-" + handler, TestWorker.handler(handler));
    await().until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst().outcome();
  }

  @Test
  void aReturnIsSuccess() {
    assertThat(outcomeOf("noop")).isEqualTo(new Outcome.Exited(0));
    await().until(() -> worker.desk.held() == 0 && worker.desk.slotsTaken() == 0);
    assertThat(cell.beats).isEmpty();
  }

  @Test
  void anExceptionIsFailureWithItsReason() {
    assertThat(outcomeOf("fails"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("handler-failed");
              assertThat(failed.message()).contains("no luck with job-fails");
            });
  }

  @Test
  void anUnknownHandlerFailsWithTheKnownOnes() {
    assertThat(outcomeOf("nope"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("handler-not-found");
              assertThat(failed.message()).contains("nope", "noop", "w-1");
            });
  }

  @Test
  void publishesWhatItPrints() {
    outcomeOf("prints");

    var ended = cell.reports(WorkerReport.Ended.class).getFirst();
    assertThat(cell.output(ended.job(), OutputStreamName.STDOUT)).asString().isEqualTo("out");
    assertThat(cell.output(ended.job(), OutputStreamName.STDERR)).asString().isEqualTo("err");
    assertThat(ended.output().stdout().bytes()).isEqualTo(3);
  }

  @Test
  void cancelInterruptsIt() {
    var assigned = worker.assign("job-1", TestWorker.handler("waits"));
    await().until(() -> worker.desk.held() == 1);

    cell.order(
        new Order.Stop(
            worker.home.id(), assigned.job(), assigned.token(), Order.StopReason.CANCELLED));

    await().until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Ended.class).getFirst().outcome())
        .isEqualTo(new Outcome.Cancelled(0));
  }

  @Test
  void beatsOnlyIfItTakesLong() {
    worker.assign("job-1", TestWorker.handler("waits"));

    await().until(() -> cell.beats.size() >= 2);
    never.countDown();

    await().until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
  }

  @Test
  void isLostWhenItsLeaseLapses() throws Exception {
    worker.close();
    start(TestWorker.Setup.QUICK.with(new Liveness(Duration.ofMillis(500), Duration.ofSeconds(4))));
    worker.assign("job-1", TestWorker.handler("waits"));
    await().until(() -> worker.desk.held() == 1);

    cell.reachable = false;
    await().atMost(Duration.ofSeconds(10)).until(() -> worker.desk.slotsTaken() == 0);
    cell.reachable = true;

    await().until(() -> !cell.reports(WorkerReport.Lost.class).isEmpty());
    assertThat(cell.reports(WorkerReport.Ended.class)).isEmpty();
  }

  @Test
  void isNotAmongWhatTheNextIncarnationHolds() throws Exception {
    worker.assign("job-1", TestWorker.handler("waits"));
    await().until(() -> worker.desk.held() == 1);

    worker.abandon();
    cell.reports.clear();
    worker = new TestWorker(data, cell, TestWorker.Setup.QUICK);

    await().until(() -> !cell.reports(WorkerReport.WorkerStarted.class).isEmpty());
    assertThat(cell.reports(WorkerReport.WorkerStarted.class).getFirst().held()).isEmpty();
  }
}
