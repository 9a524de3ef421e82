package dev.holdfast.runtime.streams;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what another process has left open when the application's only task comes to this one.
 *
 * <p>A process that is killed or frozen in the middle of a transaction leaves it open. Its
 * successor has another transactional id, so nobody aborts it before its timeout, and until then no
 * reader sees what the successor decides and the successor itself may not see the input's offsets.
 * Brokers left at their default look for such transactions only every ten seconds.
 *
 * <p>Where there is one task, whoever is given it is the only one who may have a transaction, and
 * has begun none while the stores are being restored: all that are open then are dead ones. With
 * several tasks that would not be so.
 */
public final class OpenTransactions implements StateRestoreListener {
  private static final Logger log = LoggerFactory.getLogger(OpenTransactions.class);
  private static final int PATIENCE_MS = 3_000;

  private final Admin admin;
  private final String prefix;

  /**
   * Of one application.
   *
   * @param applicationId of Kafka Streams, which begins its transactional ids with it
   */
  public OpenTransactions(Admin admin, String applicationId) {
    this.admin = admin;
    this.prefix = applicationId + "-";
  }

  /** The task has come; it does nothing yet. */
  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long start, long end) {
    try {
      List<String> open = open();
      if (!open.isEmpty()) {
        admin.fenceProducers(open).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        log.info("ended the open transactions of {}", open);
      }
    } catch (ExecutionException | TimeoutException e) {
      log.warn("open transactions stay until they time out", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> open() throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .listTransactions(
            new ListTransactionsOptions()
                .filterStates(Set.of(TransactionState.ONGOING))
                .timeoutMs(PATIENCE_MS))
        .all()
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .stream()
        .map(TransactionListing::transactionalId)
        .filter(id -> id.startsWith(prefix))
        .toList();
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long end, long restored) {
    log.debug("restored {} records of {}", restored, store);
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long restored) {
    log.debug("{} is restored with {} records", store, restored);
  }
}
