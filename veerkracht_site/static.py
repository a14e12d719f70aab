from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzipStaticStorage(CompressedManifestStaticFilesStorage):
    """Gzip only: brotli at its highest level took 40 CPU seconds of the first start and saves a phone some 15%."""

    def create_compressor(self, **kwargs):
        return super().create_compressor(use_brotli=False, **kwargs)
