package io.millrace.schemas;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro, once in a process, that the generated classes of this package may be made from a schema; Avro refuses every
 * class that nobody vouched for. What was trusted before stays trusted, and nothing else is added: the name of a class in
 * a stranger's schema still loads nothing.
 */
final class AvroTrust {

    private static final AtomicBoolean ESTABLISHED = new AtomicBoolean();

    private AvroTrust() {}

    static void establish() {
        if (ESTABLISHED.compareAndSet(false, true)) {
            ClassSecurityValidator.setGlobal(
                    ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), AvroTrust::isOurs));
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(AvroTrust.class.getPackageName())
                && type.isAnnotationPresent(AvroGenerated.class);
    }
}
