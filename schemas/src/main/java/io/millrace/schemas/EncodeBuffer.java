package io.millrace.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** A thread's buffer for the record that it writes now. Not thread-safe. */
final class EncodeBuffer extends ByteArrayOutputStream {

    private static final int START_BYTES = 1024;
    /** A buffer that one giant record made larger than this is not kept. */
    private static final int KEPT_BYTES = 256 * 1024;

    private @Nullable BinaryEncoder encoder;

    EncodeBuffer() {
        super(START_BYTES);
    }

    /** Begins a record: what was there before is gone, also half a record whose writing failed. */
    BinaryEncoder start(byte magic, int id) {
        // The encoder flushes what it still holds into this buffer: reset only afterwards.
        BinaryEncoder started = EncoderFactory.get().binaryEncoder(this, encoder);
        encoder = started;
        reset();
        write(magic);
        write(id >>> 24);
        write(id >>> 16);
        write(id >>> 8);
        write(id);
        return started;
    }

    byte[] finish(BinaryEncoder started) throws IOException {
        started.flush();
        byte[] bytes = toByteArray();
        if (buf.length > KEPT_BYTES) {
            buf = new byte[START_BYTES];
            count = 0;
        }
        return bytes;
    }
}
