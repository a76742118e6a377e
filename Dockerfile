# The light runtime: reads pages without PyTorch.
#
#     docker build -t omr .
#     docker run --rm -v "$PWD:/pages" omr detect score.png -o score.musicxml
FROM python:3.13-slim AS build
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /source

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels
RUN useradd --create-home reader
USER reader
WORKDIR /pages
ENTRYPOINT ["omr"]
CMD ["--help"]
