"""Static files under hashed names, compressed once at set-up."""

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 500_000  # bytes


class FastCompressor(Compressor):
    """Brotli's best level takes ten seconds for the chart library alone; level 9 takes one and adds a tenth."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=9 if len(data) > LARGE else 11)


class Storage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **kwargs) -> Compressor:
        return FastCompressor(**kwargs)
