package io.millrace.schemas;

import org.apache.kafka.common.errors.RetriableException;

/** The schema registry cannot be asked now. Nothing is wrong with the record: try again later. */
public final class RegistryUnavailableException extends RetriableException {

    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
